"""Who is first? Rounds in which several people want the same thing at the same moment.

One place and many clients proves nothing, naive code passes it too: each round is about something
fresh, and its contenders start together at a barrier. Beside each race stands its control: the same
race with the guard taken away, in a database of its own, which must go wrong.
"""
