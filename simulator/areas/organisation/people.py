"""The demo people, their groups and roles.

People and groups that every demo instance of the real thing has keep the names and sys_ids they are
widely known by. Everybody else is made up. Nobody here is a real person's record.
"""

from dataclasses import dataclass

PASSWORD = "demo"  # noqa: S105  # everybody's password in the made-up data

ROLE_IDS = {
    "admin": "2831a114c611228501d4ea6c309d626d",
    "itil": "282bf1fac6112285017366cb5f867469",
    "itil_admin": "",
    "approver_user": "",
    "problem_admin": "",
    "problem_manager": "",
    "change_manager": "",
    "knowledge": "",
    "catalog_admin": "",
    "user_admin": "",
    "asset": "",
    "approval_admin": "",
    "sla_admin": "",
    "sla_manager": "",
    "schedule_admin": "",
    "assignment_rule_admin": "",
    "snc_internal": "",
}

GROUPS = {
    "Network": "287ebd7da9fe198100f92cc8d1d2154e",
    "Service Desk": "d625dccec0a8016700a222a0f7900d06",
    "Hardware": "8a5055c9c61122780043563ef53438e3",
    "Software": "8a4dde73c6112278017a6a4baf547aa7",
    "Database": "287ee6fea9fe198100ada7950d0b1b73",
    "CAB Approval": "b85d44954a3623120004689b2d5dd60a",
    "Change Management": "a715cd759f2002002920bde8132e7018",
    "Email Administration": "",
    "Field Services": "",
    "Information Security": "",
    "Problem Solving": "",
    "Facilities": "",
    "Human Resources": "",
}

GROUP_MANAGERS = {
    "Network": "david.loo",
    "Service Desk": "beth.anglin",
    "Hardware": "don.goodliffe",
    "Software": "fred.luddy",
    "Database": "bow.ruggeri",
    "CAB Approval": "fred.luddy",
    "Change Management": "fred.luddy",
    "Email Administration": "abel.tuter",
    "Field Services": "nadia.okafor",
    "Information Security": "priya.raman",
    "Problem Solving": "fred.luddy",
    "Facilities": "greta.holm",
    "Human Resources": "laura.benitez",
}


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """One person; `sys_id` is empty where nobody knows one and it is made from the user name."""

    user_name: str
    first_name: str
    last_name: str
    title: str
    department: str
    location: str
    sys_id: str = ""
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    manager: str = "fred.luddy"
    vip: bool = False
    active: bool = True
    locked_out: bool = False
    web_service_access_only: bool = False
    time_zone: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def email(self) -> str:
        """An address in a domain that is nobody's."""
        return f"{self.user_name}@example.com"


_WELL_KNOWN = (
    DemoPerson(
        user_name="admin",
        first_name="System",
        last_name="Administrator",
        title="System Administrator",
        department="IT",
        location="San Diego",
        sys_id="6816f79cc0a8016401c5a33be04be441",
        roles=("admin",),
        manager="",
    ),
    DemoPerson(
        user_name="abel.tuter",
        first_name="Abel",
        last_name="Tuter",
        title="Messaging Engineer",
        department="IT",
        location="San Diego",
        sys_id="62826bf03710200044e0bfc8bcbe5df1",
        roles=("itil",),
        groups=("Email Administration", "Software", "Service Desk"),
    ),
    DemoPerson(
        user_name="beth.anglin",
        first_name="Beth",
        last_name="Anglin",
        title="Service Desk Lead",
        department="IT",
        location="London",
        sys_id="46d44a23a9fe19810012d100cca80666",
        roles=("itil", "approver_user"),
        groups=("Network", "Hardware", "Service Desk", "CAB Approval"),
    ),
    DemoPerson(
        user_name="fred.luddy",
        first_name="Fred",
        last_name="Luddy",
        title="Head of IT Operations",
        department="IT",
        location="San Diego",
        sys_id="5137153cc611227c000bbd1bd8cd2005",
        roles=("itil", "itil_admin", "problem_admin", "approver_user", "change_manager"),
        groups=("Problem Solving", "Change Management", "CAB Approval", "Software"),
        manager="",
        vip=True,
    ),
    DemoPerson(
        user_name="david.loo",
        first_name="David",
        last_name="Loo",
        title="Network Lead",
        department="IT",
        location="San Diego",
        sys_id="5137153cc611227c000bbd1bd8cd2007",
        roles=("itil", "approver_user"),
        groups=("Network", "CAB Approval", "Problem Solving"),
    ),
    DemoPerson(
        user_name="don.goodliffe",
        first_name="Don",
        last_name="Goodliffe",
        title="Hardware Lead",
        department="IT",
        location="London",
        sys_id="9ee1b13dc6112271007f9d0efdb69cd0",
        time_zone="Europe/London",
        roles=("itil",),
        groups=("Hardware", "Field Services"),
    ),
    DemoPerson(
        user_name="bow.ruggeri",
        first_name="Bow",
        last_name="Ruggeri",
        title="Database Lead",
        department="IT",
        location="Sydney",
        roles=("itil",),
        groups=("Database", "Problem Solving"),
    ),
    DemoPerson(
        user_name="charlie.whitherspoon",
        first_name="Charlie",
        last_name="Whitherspoon",
        title="Sales Representative",
        department="Sales",
        location="London",
        manager="jamie.morgan",
    ),
    DemoPerson(
        user_name="itil",
        first_name="ITIL",
        last_name="User",
        title="Service Desk Agent",
        department="IT",
        location="San Diego",
        sys_id="681b365ec0a80164000fb0b05854a0cd",
        roles=("itil",),
        groups=("Service Desk",),
        manager="beth.anglin",
    ),
    DemoPerson(
        user_name="joe.employee",
        first_name="Joe",
        last_name="Employee",
        title="Office Clerk",
        department="Finance",
        location="San Diego",
        sys_id="681ccaf9c0a8016400b98a06818d57c7",
        manager="jamie.morgan2",
    ),
    DemoPerson(
        user_name="jamie.morgan",
        first_name="Jamie",
        last_name="Morgan",
        title="Sales Director",
        department="Sales",
        location="London",
        vip=True,
        manager="",
    ),
    DemoPerson(
        user_name="jamie.morgan2",
        time_zone="US/Pacific",
        first_name="Jamie",
        last_name="Morgan",
        title="Controller",
        department="Finance",
        location="San Diego",
        manager="",
    ),
    DemoPerson(
        user_name="otto.vance",
        first_name="Otto",
        last_name="Vance",
        title="Left the company",
        department="Sales",
        location="London",
        active=False,
    ),
    DemoPerson(
        user_name="lena.lockhart",
        first_name="Lena",
        last_name="Lockhart",
        title="Locked out after too many tries",
        department="Finance",
        location="Berlin",
        locked_out=True,
    ),
    DemoPerson(
        user_name="monitoring.bot",
        first_name="Monitoring",
        last_name="Integration",
        title="Machine user",
        department="IT",
        location="San Diego",
        roles=("itil",),
        manager="",
        web_service_access_only=True,
    ),
)

_IT_STAFF = (
    ("nadia.okafor", "Nadia", "Okafor", "Field Services Lead", "Lagos", ("Field Services",)),
    ("priya.raman", "Priya", "Raman", "Security Lead", "Bengaluru", ("Information Security",)),
    ("tomas.novak", "Tomás", "Novák", "Network Engineer", "Berlin", ("Network",)),
    ("yuki.tanabe", "Yuki", "Tanabe", "Network Engineer", "Tokyo", ("Network", "Field Services")),
    ("ines.carvalho", "Inês", "Carvalho", "Service Desk Agent", "Lisbon", ("Service Desk",)),
    ("samuel.adeyemi", "Samuel", "Adeyemi", "Service Desk Agent", "Lagos", ("Service Desk",)),
    ("hannah.voss", "Hannah", "Voss", "Hardware Technician", "Berlin", ("Hardware",)),
    ("li.wei", "Wei", "Li", "Database Administrator", "Singapore", ("Database",)),
    ("omar.haddad", "Omar", "Haddad", "Database Administrator", "Sydney", ("Database",)),
    ("freya.lund", "Freya", "Lund", "Application Engineer", "London", ("Software",)),
    ("carlos.mendez", "Carlos", "Méndez", "Application Engineer", "San Diego", ("Software",)),
    ("aisha.khan", "Aisha", "Khan", "Messaging Engineer", "London", ("Email Administration",)),
    ("pieter.dejong", "Pieter", "de Jong", "Security Analyst", "Berlin", ("Information Security",)),
    ("rosa.delgado", "Rosa", "Delgado", "Change Coordinator", "Lisbon", ("Change Management",)),
    ("kwame.boateng", "Kwame", "Boateng", "Field Technician", "Lagos", ("Field Services",)),
)

_EMPLOYEES = (
    ("greta.holm", "Greta", "Holm", "Facilities Manager", "Facilities", "Berlin"),
    ("laura.benitez", "Laura", "Benítez", "HR Director", "Human Resources", "San Diego"),
    ("marcus.oneill", "Marcus", "O'Neill", "HR Partner", "Human Resources", "London"),
    ("sofia.rossi", "Sofia", "Rossi", "Financial Analyst", "Finance", "Lisbon"),
    ("daniel.cohen", "Daniel", "Cohen", "Accountant", "Finance", "London"),
    ("emma.larsson", "Emma", "Larsson", "Sales Engineer", "Sales", "Berlin"),
    ("raj.patel", "Raj", "Patel", "Sales Representative", "Sales", "Bengaluru"),
    ("mei.chen", "Mei", "Chen", "Marketing Manager", "Marketing", "Singapore"),
    ("lucas.moreau", "Lucas", "Moreau", "Copywriter", "Marketing", "London"),
    ("zofia.kowalska", "Zofia", "Kowalska", "Designer", "Marketing", "Berlin"),
    ("noah.fischer", "Noah", "Fischer", "Product Manager", "Product", "Berlin"),
    ("amara.diallo", "Amara", "Diallo", "Product Designer", "Product", "Lagos"),
    ("jack.turner", "Jack", "Turner", "Software Developer", "Product", "Sydney"),
    ("hiro.sato", "Hiro", "Sato", "Software Developer", "Product", "Tokyo"),
    ("elif.yilmaz", "Elif", "Yilmaz", "Software Developer", "Product", "Berlin"),
    ("grace.kimani", "Grace", "Kimani", "Legal Counsel", "Legal", "Lagos"),
    ("viktor.petrov", "Viktor", "Petrov", "Logistics Planner", "Logistics", "Berlin"),
    ("olivia.brown", "Olivia", "Brown", "Logistics Planner", "Logistics", "Sydney"),
    ("mateo.silva", "Mateo", "Silva", "Receptionist", "Facilities", "Lisbon"),
    ("chloe.martin", "Chloé", "Martin", "Executive Assistant", "Sales", "London"),
)

_GROUPS_OF_EMPLOYEES = {
    "greta.holm": ("Facilities",),
    "mateo.silva": ("Facilities",),
    "laura.benitez": ("Human Resources",),
    "marcus.oneill": ("Human Resources",),
}

PEOPLE: tuple[DemoPerson, ...] = (
    *_WELL_KNOWN,
    *(
        DemoPerson(
            user_name=user_name,
            first_name=first_name,
            last_name=last_name,
            title=title,
            department="IT",
            location=location,
            roles=("itil",),
            groups=groups,
        )
        for user_name, first_name, last_name, title, location, groups in _IT_STAFF
    ),
    *(
        DemoPerson(
            user_name=user_name,
            first_name=first_name,
            last_name=last_name,
            title=title,
            department=department,
            location=location,
            groups=_GROUPS_OF_EMPLOYEES.get(user_name, ()),
            manager="" if title.endswith("Director") else "jamie.morgan",
        )
        for user_name, first_name, last_name, title, department, location in _EMPLOYEES
    ),
)

# Shown on the sign-in page.
INTRODUCED = (
    ("abel.tuter", "works on incidents"),
    ("beth.anglin", "service desk, other groups"),
    ("fred.luddy", "leads IT operations"),
    ("charlie.whitherspoon", "employee, own incidents only"),
    ("admin", "administrator"),
)
