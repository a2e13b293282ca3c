"""How temperatures change with what a model is made of, by adjoints of the very equations that are solved."""
