package ai.pediscreen.telemetry.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Instant;

/** {@code POST /events} with events of one organisation, all different. Not thread-safe. */
final class OrganisationRequests implements Requests {

  private final String organisation;
  private final String key;
  private final int events;
  private final String run = Long.toHexString(System.nanoTime());
  private long next;

  /**
   * @param key one of the organisation's
   * @param events in one request; NDJSON from two up
   */
  OrganisationRequests(String organisation, String key, int events) {
    this.organisation = organisation;
    this.key = key;
    this.events = events;
  }

  @Override
  public boolean hasNext() {
    return true;
  }

  @Override
  public int events() {
    return events;
  }

  @Override
  public ByteBuffer next(ByteBuffer buffer) {
    String now = Instant.now().toString();
    StringBuilder body = new StringBuilder(events * 200);
    for (int i = 0; i < events; i++) {
      body.append("{\"event_id\":\"").append(organisation).append('-').append(run).append('-');
      body.append(next++).append("\",\"timestamp\":\"").append(now);
      body.append("\",\"org_id\":\"").append(organisation);
      body.append("\",\"model\":{\"model_id\":\"m\"},\"response\":{\"latency_ms\":12,");
      body.append("\"status_code\":200}}\n");
    }
    String type = events > 1 ? "x-ndjson" : "json";
    return ByteBuffer.wrap(
        ("POST /events HTTP/1.1\r\nHost: bench\r\napikey: "
                + key
                + "\r\n"
                + "Content-Type: application/"
                + type
                + "\r\n"
                + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body))
            .getBytes(US_ASCII));
  }
}
