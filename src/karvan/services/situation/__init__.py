"""What is closed and restricted now: entered once, seen by quotes and studies."""
