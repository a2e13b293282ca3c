"""Pictures, plots, films and windows; they read run folders and meshes, and know no solver."""
