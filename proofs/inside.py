"""`python -m proofs.inside MODULE ARGUMENTS…`: run `MODULE.main(…)` where the apps are ready."""

import sys
from importlib import import_module

import django

if __name__ == "__main__":
    django.setup()
    import_module(sys.argv[1]).main(*sys.argv[2:])
