"""The model below the fake commands of the test world.

Modules say `TYPE_CHECKING = False` instead of importing it: `typing` would cost every fake command some milliseconds.
"""
