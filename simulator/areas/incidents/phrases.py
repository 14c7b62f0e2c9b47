"""What people write in incidents by the thousand: parts of sentences to put together.

`{item}` is a device, `{place}` a location, `{other}` the name of a colleague.
"""

CIRCUMSTANCES = (
    "",
    " since this morning",
    " again",
    " after the update",
    " for the whole team",
    " when working from home",
    " on {item}",
    " in {place}",
    " in {place} since yesterday",
    " on {item} after a restart",
    " while {other} is on leave",
    " every few minutes",
)
DETAILS = (
    "It started today and nothing was changed before.",
    "It concerns {item} in {place}.",
    "{other} sees the same.",
    "A restart of {item} did not help.",
    "It works on the device of {other}.",
    "The message says that the service is not available.",
    "I need it for the month-end closing.",
    "Please call me, I am in {place} until the evening.",
    "The same happened last month.",
    "A screenshot can be sent.",
)
WORK_NOTES = (
    "Called the person, no answer.",
    "Logs of {item} collected.",
    "Could reproduce it on a second device.",
    "Handed over to the next shift.",
    "Waiting for a maintenance window.",
    "Compared with a machine that works; the profile differs.",
    "Asked {other} for a second opinion.",
    "Vendor case opened.",
    "Remote session with the person, settings checked.",
    "Rolled back the last change, watching it.",
    "Event log of {item} shows time-outs.",
    "Escalated within the group.",
)
COMMENTS_OF_CALLERS = (
    "Is there any news?",
    "It works again for the moment.",
    "It happened again today.",
    "Thank you, that helped.",
    "I am back at my desk in {place} now.",
    "{other} can show it, too.",
    "Can this be done before Friday?",
)
COMMENTS_OF_WORKERS = (
    "We are looking into it.",
    "Please restart {item} and tell us whether it is better.",
    "Which message do you see exactly?",
    "A colleague in {place} will come by.",
    "The fix is prepared and will be installed tonight.",
)
RESOLUTIONS = (
    "",
    " Confirmed by the person.",
    " Tested with {other}.",
    " {item} watched for a day.",
    " Documented for the next time.",
)
FIRST_NAMES = tuple(
    """Ada Adam Aiko Alba Amara Amir Anders Anika Anton Aria Bella Ben Bianca Bruno Camille Carlos
    Chiara Clara Dario Diego Dina Edda Elena Elias Emma Enzo Erik Esra Eva Fatima Felix Finn Freya
    Gabriel Gita Hana Hugo Ida Ilya Ines Isaac Ivan Jana Jin Jonas Julia Kai Karim Lara Lea Leo Lena
    Linus Luca Luis Maja Marco Maria Mateo Mila Mina Nadia Nils Nina Noor Olga Omar Oscar Paula
    Pedro Petra Rafael Ravi Rosa Ruth Sami Sara Selma Sofia Sven Tara Theo Tomas Uma Vera Viktor
    Wanda Yara Yusuf Zoe""".split()  # noqa: SIM905  # a line for each name would bury the rest
)
LAST_NAMES = tuple(
    """Abbott Acosta Adeyemi Almeida Andersen Aoki Bakker Banerjee Bauer Becker Berg Bianchi Blanc
    Borg Brandt Bruno Castillo Chan Chavez Costa Dahl Danso Das Diaz Dubois Duarte Eriksen Esposito
    Fabre Farah Ferrari Fischer Fontaine Frank Fuchs Garcia Gomes Greco Gupta Haas Haddad Hansen
    Hoffmann Horvat Ibrahim Ito Iyer Jansen Jensen Joshi Kato Keller Khan Kim Klein Koch Kovacs
    Kowalski Kumar Lang Larsen Lee Lopez Lund Maier Marino Martin Mehta Mendes Meyer Mori Moreau
    Nagy Nakamura Ng Nielsen Novak Nowak Okafor Olsen Ortiz Park Patel Pereira Petrov Popov Ramos
    Rao Reyes Ricci Rivera Roux Ruiz Russo Santos Sato Schmid Schulz Sharma Silva Singh Sousa Suzuki
    Tan Tanaka Torres Turner Ueda Vargas Vega Vogel Wagner Walsh Wang Weber Weiss Wolf Wong Yamada
    Yilmaz Zhang Ziegler""".split()  # noqa: SIM905  # as above
)
