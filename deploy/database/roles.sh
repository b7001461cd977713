#!/bin/sh
# Runs once, when the database is made: the owner migrates, the application's role owns nothing.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres \
  --set owner_password="$(cat /run/secrets/owner_password)" \
  --set app_password="$(cat /run/secrets/app_password)" <<'SQL'
CREATE ROLE lzc_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE lzc_app LOGIN PASSWORD :'app_password';
CREATE DATABASE lzc OWNER lzc_owner;
\connect lzc
ALTER DEFAULT PRIVILEGES FOR ROLE lzc_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO lzc_app;
ALTER DEFAULT PRIVILEGES FOR ROLE lzc_owner GRANT USAGE, SELECT ON SEQUENCES TO lzc_app;
SQL
