package ai.pediscreen.telemetry.server.http;

import java.util.List;

/** Says whether the service can do its work. Asked by {@code /readyz}, one call at a time. */
@FunctionalInterface
public interface Readiness {

  /**
   * What keeps the service from working, in words for an operator and without secrets; empty when
   * it is ready. May take its time, even hang: {@code /readyz} answers without it then.
   */
  List<String> reasons();
}
