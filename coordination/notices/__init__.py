"""Bericht: who asked hears what became of it, without calling and without looking.

`following` reads the log and writes the messages; `sending` mails that there is one. A mail says
nothing about anybody: what and where stand behind the log-in.
"""
