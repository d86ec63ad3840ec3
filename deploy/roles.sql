-- The roles of docs/operations.md, made once, when the database begins. The image of PostgreSQL runs this as its superuser.
\getenv owner_password CERTS_OWNER_PASSWORD
\getenv app_password CERTS_APP_PASSWORD
\getenv web_password CERTS_WEB_PASSWORD
\set ON_ERROR_STOP on
CREATE ROLE certs LOGIN PASSWORD :'owner_password';
CREATE ROLE certs_app LOGIN PASSWORD :'app_password';
CREATE ROLE certs_web LOGIN PASSWORD :'web_password';
CREATE DATABASE certs OWNER certs;
REVOKE CONNECT ON DATABASE certs FROM PUBLIC;
GRANT CONNECT ON DATABASE certs TO certs_app, certs_web;
\connect certs
ALTER DEFAULT PRIVILEGES FOR ROLE certs GRANT USAGE ON SCHEMAS TO certs_app, certs_web;
ALTER DEFAULT PRIVILEGES FOR ROLE certs GRANT USAGE ON SEQUENCES TO certs_app;
ALTER DEFAULT PRIVILEGES FOR ROLE certs GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO certs_app;
ALTER DEFAULT PRIVILEGES FOR ROLE certs GRANT SELECT ON TABLES TO certs_web;
