/**
 * Telemetry of AI models within a program: {@link ai.pediscreen.telemetry.Telemetry} is what
 * programs embed.
 */
@SuppressWarnings(
    "module") // Those that only adapters and the server read are not there when this is compiled.
module ai.pediscreen.telemetry.core {
  requires java.net.http;
  requires java.sql;
  requires static transitive org.jspecify;

  exports ai.pediscreen.telemetry;
  exports ai.pediscreen.telemetry.access;
  exports ai.pediscreen.telemetry.alert;
  exports ai.pediscreen.telemetry.audit;
  exports ai.pediscreen.telemetry.daily;
  exports ai.pediscreen.telemetry.drift;
  exports ai.pediscreen.telemetry.erasure;
  exports ai.pediscreen.telemetry.event;
  exports ai.pediscreen.telemetry.event.spi;
  exports ai.pediscreen.telemetry.export;
  exports ai.pediscreen.telemetry.job to
      ai.pediscreen.telemetry.server;
  exports ai.pediscreen.telemetry.memory;
  exports ai.pediscreen.telemetry.privacy;
  exports ai.pediscreen.telemetry.remote;
  exports ai.pediscreen.telemetry.usage;
  exports ai.pediscreen.telemetry.usage.spi;
  exports ai.pediscreen.telemetry.warehouse;
}
