package ai.pediscreen.telemetry.server.audit;

import ai.pediscreen.telemetry.audit.AuditEntry;
import ai.pediscreen.telemetry.audit.AuditFilter;
import ai.pediscreen.telemetry.audit.AuditLog;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Writes entries as NDJSON, oldest first, in constant memory. */
public final class AuditFile {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int PAGE = 500;

  private AuditFile() {}

  /**
   * Writes them.
   *
   * @return how many there were
   * @throws IOException if they cannot be written
   */
  public static long write(AuditLog log, AuditFilter filter, OutputStream out) throws IOException {
    long written = 0;
    long last = 0;
    List<AuditEntry> page;
    do {
      page = log.following(filter, last, PAGE);
      for (AuditEntry entry : page) {
        out.write(JSON.writeValueAsBytes(entry.toMap()));
        out.write('\n');
        last = entry.sequence();
      }
      written += page.size();
    } while (!page.isEmpty());
    return written;
  }
}
