"""Plans flows over periods: what goes where, what waits, what stays behind, at least cost.

`problem` says what is asked, `constraints` the mathematics, `model` stacks the rows, `solving`
hands them to HiGHS, `verification` reads the answer a second time, `plan` gives the tables.
"""
