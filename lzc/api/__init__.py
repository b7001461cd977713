"""The doors of programs: REST, with keys, strict JSON and sentences in two languages."""
