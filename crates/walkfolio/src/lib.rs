//! Studies, policies, grids and run folders: the library's front door
