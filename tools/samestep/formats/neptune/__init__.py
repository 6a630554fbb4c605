"""What Neptune leaves of a run on a disk: operations not sent yet, databases, exports."""
