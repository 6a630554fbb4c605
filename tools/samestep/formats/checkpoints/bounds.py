"""How much of a checkpoint is read, so that any file is answered within a second."""

LARGEST_PICKLE = 32_000_000  # bytes of one pickle; the tensors of a checkpoint are never in it
MOST_OPCODES = 400_000  # about twenty-five a tensor
LONGEST_TEXT = 4_096  # bytes of a text or number that is kept
MOST_TEXT = 8_000_000  # bytes of all texts of one pickle
LARGEST_HEADER = 4_000_000  # bytes of a safetensors header, about 40,000 tensors
LARGEST_DIRECTORY = 16_000_000  # bytes of a zip's list of members
MOST_MEMBERS = 100_000  # of a zip
MOST_VALUES = 50_000  # looked through for the run's name, the shallow ones first
DEEPEST = 8  # levels of keys looked through
LONGEST_PATH = 300  # characters of the keys that lead to a value
MOST_KEYS = 200  # kept of the outermost level
