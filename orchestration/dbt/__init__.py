"""dbt as this pipeline uses it: the project and its manifest, dbt in a child process, and the results of a build."""
