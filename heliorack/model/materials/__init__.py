"""What a case says of its materials beyond single numbers."""
