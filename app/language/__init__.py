"""Words on the screen: translation, numbers as people read them, problems as sentences, letters of menus."""
