"""New data: files and typed inputs, brought into the form that the network was trained on."""
