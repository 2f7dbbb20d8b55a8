"""Short and long forms of one given name: who is greeted as Bob may stand in the directory as Robert.

English forms in use; short forms that are the beginning of the long one (Tom, Dan, Sam) need no table.
"""

_GROUPS = """
bob rob robert bobby robbie bert
bill will william billy willie liam
dick rick richard rich ricky
jim james jimmy jamie
jack john johnny jon jonathan
ted ed edward eddie ned teddy
tony anthony antonio
peggy meg margaret maggie peg
liz beth betty elizabeth eliza lisa
kate katie cathy catherine katherine kathy kitty
hank harry henry
chuck charlie charles
larry lawrence laurence
mike mick michael mickey
sandy alexander alex alexandra sasha
bev beverly beverley
becky rebecca
nick nicholas nicola
steve stephen steven
geoff jeff geoffrey jeffrey
drew andrew andy
gene eugene
russ russell
sue susan suzanne susie
debbie deborah deb
pam pamela
patty trish patricia pat patrick paddy
terry terence theresa teresa
vince vincent
ron ronald
don donald
ken kenneth
greg gregory
jerry gerald gerard
joe joseph jose pepe
nacho ignacio
paco francisco francis frank franz
hans johannes johann
sepp josef
uli ulrich ulrike
gianni giovanni
misha mikhail
""".strip().splitlines()
FORMS = {name: frozenset(group.split()) for group in _GROUPS for name in group.split()}


def same(one: str, other: str) -> bool:
    """Whether two given names, folded, may be one person's: equal, one beginning the other, or known forms of one name."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) > 2 and long.startswith(short)) or one in FORMS.get(other, ())
