"""Work handed to other processes of this machine."""
