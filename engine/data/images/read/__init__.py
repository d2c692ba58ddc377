"""Reading of images: folders, lists, arrays and the layouts in which sets are published."""
