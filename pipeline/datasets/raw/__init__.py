"""From raw files to the manifest: what lies in the folder, what each sample holds, and what is wrong."""
