"""The window of Ravine. Qt lives here; torch never arrives in this process."""
