/** Programs that embed telemetry, as a module that names what it needs. */
module com.example.jdk {
  requires ai.pediscreen.telemetry.core;
  requires ai.pediscreen.telemetry.postgres;
  requires com.zaxxer.hikari;
  requires java.sql;
  requires jdk.httpserver;
  requires static org.jspecify;
}
