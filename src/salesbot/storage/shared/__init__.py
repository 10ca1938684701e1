"""One PostgreSQL that several processes share. Each keeps its SQLite files as copies, and reads from those alone.

A change is made in the copy and in the database together: in a transaction that first brings the copy up to date, so
that all the SQL of the rooms above stays SQLite's. Every row in the database has the revision of the change that wrote
it; a process asks for what is newer than its copy, so it only ever goes forward.
"""
