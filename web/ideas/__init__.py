"""Handing in an idea: the steps, the last look, the receipt."""
