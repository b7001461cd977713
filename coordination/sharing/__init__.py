"""Too few places, decided together: who waits is told when something fits, and who gets what when
all open requests of a region are looked at at once. A plan proposes; a coordinator decides.
"""
