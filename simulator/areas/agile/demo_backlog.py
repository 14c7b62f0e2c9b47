"""The backlog of the demo: products, epics, sprints and stories. All made up."""

# product, its description, its owner
PRODUCTS = (
    ("Customer Portal App", "What customers see of us", "noah.fischer"),
    ("Field Service App", "What technicians carry with them", "noah.fischer"),
)

# name, place of its product
THEMES = (("Easier to use", 0), ("Works without a network", 1))

# name, state, place of its product and of its theme
EPICS = (
    ("Sign in once for everything", "2", 0, 0),
    ("Find anything in one search", "2", 0, 0),
    ("Pay invoices in the portal", "1", 0, 0),
    ("Work orders on the phone", "2", 1, 1),
    ("Parts from the nearest van", "-6", 1, 1),
)

# name, state, days from now it starts, group
SPRINTS = (
    ("Portal Sprint 1", "3", -32, "Software"),
    ("Portal Sprint 2", "3", -18, "Software"),
    ("Portal Sprint 3", "2", -4, "Software"),
    ("Portal Sprint 4", "1", 10, "Software"),
)

# short description, points, place of its epic, place of its sprint (-1: none yet), state, worker
STORIES = (
    ("As a customer I sign in with my company's account", 8, 0, 0, "3", "freya.lund"),
    ("As a customer I stay signed in for a day", 3, 0, 0, "3", "carlos.mendez"),
    ("As a customer I see when I last signed in", 2, 0, 0, "3", "abel.tuter"),
    ("As an administrator I turn single sign-on off for a company", 5, 0, 0, "3", "freya.lund"),
    ("As a customer I am told why I cannot sign in", 3, 0, 0, "4", "carlos.mendez"),
    ("As a customer I sign out everywhere at once", 5, 0, 1, "3", "abel.tuter"),
    ("As a customer I use a passkey", 8, 0, 1, "3", "freya.lund"),
    ("As an administrator I see who signed in from where", 5, 0, 1, "3", "carlos.mendez"),
    ("Measure how long signing in takes", 2, 0, 1, "3", "abel.tuter"),
    ("Write down how companies are set up", 3, 0, 1, "3", "carlos.mendez"),
    ("As a customer I find articles and orders in one search", 8, 1, 2, "2", "freya.lund"),
    ("As a customer I narrow a search by date", 3, 1, 2, "-7", "carlos.mendez"),
    ("As a customer I see my last five searches", 2, 1, 2, "-8", "abel.tuter"),
    ("As a customer I get suggestions while I type", 5, 1, 2, "2", "carlos.mendez"),
    ("As a customer I find orders by their number", 3, 1, 2, "3", "freya.lund"),
    ("Search answers within half a second", 5, 1, 2, "2", "abel.tuter"),
    ("Find out whether synonyms help", 2, 1, 2, "1", ""),
    ("As a support agent I see what a customer searched for", 5, 1, 2, "1", ""),
    ("As a customer I save a search", 3, 1, 3, "1", ""),
    ("As a customer I am told of new hits of a saved search", 5, 1, 3, "1", ""),
    ("As a customer I search in attachments", 8, 1, 3, "1", ""),
    ("As a customer I see invoices that are open", 5, 2, 3, "1", ""),
    ("As a customer I download an invoice", 2, 2, 3, "-6", ""),
    ("As a customer I pay by card", 13, 2, -1, "-6", ""),
    ("As a customer I pay by transfer with a reference", 5, 2, -1, "-6", ""),
    ("As a customer I get a receipt", 3, 2, -1, "-6", ""),
    ("As an accountant I see what was paid today", 5, 2, -1, "-6", ""),
    ("As an accountant I give a payment back", 8, 2, -1, "-6", ""),
    ("As a technician I see my work orders of today", 5, 3, -1, "2", "jack.turner"),
    ("As a technician I read a work order without a network", 8, 3, -1, "2", "hiro.sato"),
    ("As a technician I take a photograph of the damage", 5, 3, -1, "1", "elif.yilmaz"),
    ("As a technician I have the customer sign on the screen", 5, 3, -1, "1", ""),
    ("As a technician I note how long I worked", 3, 3, -1, "1", ""),
    ("As a technician I am led to the next customer", 5, 3, -1, "-6", ""),
    ("As a dispatcher I see where technicians are", 8, 3, -1, "-6", ""),
    ("As a dispatcher I give an order to somebody else", 3, 3, -1, "-6", ""),
    ("As a technician I see which van has a part", 8, 4, -1, "-6", ""),
    ("As a technician I reserve a part", 5, 4, -1, "-6", ""),
    ("As a technician I hand a part over to a colleague", 3, 4, -1, "-6", ""),
    ("As a buyer I see which parts run out", 5, 4, -1, "-6", ""),
)

# short description, severity, state
DEFECTS = (
    ("Search shows deleted orders", "2", "2"),
    ("Sign-in page is cut off on small screens", "3", "1"),
    ("Time zone of orders is wrong in Sydney", "2", "3"),
)

# Roles of agile development and of projects, with those that each contains.
ROLES = {
    "scrum_user": (),
    "scrum_story_creator": ("scrum_user",),
    "scrum_story_editor": ("scrum_user",),
    "scrum_team_member": ("scrum_story_creator", "scrum_story_editor"),
    "scrum_sprint_planner": ("scrum_story_creator",),
    "scrum_release_planner": ("scrum_story_creator",),
    "scrum_master": ("scrum_sprint_planner",),
    "scrum_product_owner": ("scrum_release_planner",),
    "scrum_admin": ("scrum_master", "scrum_product_owner"),
    "it_project_user": (),
    "it_project_manager": ("it_project_user",),
    "it_demand_user": (),
    "it_demand_manager": ("it_demand_user",),
}

GIVEN = {
    "scrum_admin": ("fred.luddy",),
    "scrum_master": ("beth.anglin",),
    "scrum_product_owner": ("noah.fischer",),
    "scrum_team_member": (
        *("abel.tuter", "freya.lund", "carlos.mendez"),
        *("jack.turner", "hiro.sato", "elif.yilmaz"),
    ),
    "it_project_manager": ("fred.luddy", "rosa.delgado"),
    "it_project_user": ("abel.tuter", "beth.anglin", "david.loo"),
    "it_demand_manager": ("fred.luddy",),
    "it_demand_user": ("noah.fischer", "abel.tuter"),
}

# name, state, phase, manager, days from now it starts, how many it takes, tasks: name, state,
# percent complete
PROJECTS = (
    (
        "Move the Berlin office",
        "2",
        "executing",
        "rosa.delgado",
        -60,
        120,
        (
            ("Find a new building", "3", 100),
            ("Plan the network", "3", 100),
            ("Order furniture", "2", 60),
            ("Cable the floors", "2", 30),
            ("Move in", "-5", 0),
        ),
    ),
    (
        "Replace the telephone system",
        "1",
        "planning",
        "fred.luddy",
        20,
        150,
        (
            ("Ask departments what they need", "2", 50),
            ("Choose a vendor", "-5", 0),
            ("Try it with one team", "-5", 0),
        ),
    ),
    (
        "Retire the old file shares",
        "3",
        "closing",
        "rosa.delgado",
        -200,
        140,
        (
            ("List who uses which share", "3", 100),
            ("Move the folders", "3", 100),
            ("Switch the old server off", "3", 100),
        ),
    ),
)

# short description, state, type
DEMANDS = (
    ("Self-service for visitors at the reception", "2", "project"),
    ("Electronic signature for contracts", "8", "project"),
    ("Second factor for contractors", "1", "enhancement"),
)
