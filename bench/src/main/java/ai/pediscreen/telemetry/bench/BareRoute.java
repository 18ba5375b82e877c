package ai.pediscreen.telemetry.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Map;

/**
 * What the server's route would be if it had nothing to do: Javalin, Jetty and Jackson in the
 * server's versions read the event as a tree and answer as the server does. The threads are
 * Javalin's own pool of 8 to 250; the server runs as many as there are processors. Run in a process
 * of its own.
 */
final class BareRoute {

  private static final ObjectMapper JSON = new ObjectMapper();

  private BareRoute() {}

  /**
   * Listens until it is ended.
   *
   * @param args the port to listen on
   */
  public static void main(String[] args) {
    Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.startup.startupWatcherEnabled = false;
              config.routes.get("/health", ctx -> ctx.result("ok"));
              config.routes.post("/events", BareRoute::post);
            })
        .start("127.0.0.1", Integer.parseInt(args[0]));
  }

  private static void post(Context ctx) throws IOException {
    JsonNode event = JSON.readTree(ctx.bodyAsBytes());
    ctx.status(202)
        .contentType("application/json")
        .result(
            JSON.writeValueAsBytes(
                Map.of("status", "accepted", "event_id", event.path("event_id").asText())));
  }
}
