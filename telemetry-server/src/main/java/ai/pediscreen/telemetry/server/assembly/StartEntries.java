package ai.pediscreen.telemetry.server.assembly;

import ai.pediscreen.telemetry.access.AccessKey;
import ai.pediscreen.telemetry.access.KeyScope;
import ai.pediscreen.telemetry.access.KeySecret;
import ai.pediscreen.telemetry.access.KeyStore;
import ai.pediscreen.telemetry.audit.AuditAct;
import ai.pediscreen.telemetry.audit.AuditAction;
import ai.pediscreen.telemetry.audit.AuditLog;
import ai.pediscreen.telemetry.audit.AuditSelection;
import ai.pediscreen.telemetry.server.audit.AuditSelections;
import ai.pediscreen.telemetry.server.audit.AuditTrail;
import ai.pediscreen.telemetry.server.config.ServerConfig;
import ai.pediscreen.telemetry.server.config.Version;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the start of a server enters: its settings in the audit log, and its first key. */
public final class StartEntries {

  private static final Logger LOG = LoggerFactory.getLogger(StartEntries.class);

  private StartEntries() {}

  static void settings(AuditTrail audit, ServerConfig config) {
    audit.enterSoon(started(AuditAction.SERVER_STARTED, config));
  }

  /** Of a worker, which takes no jobs before. */
  public static void ofWorker(AuditLog audit, ServerConfig config) {
    audit.append(started(AuditAction.WORKER_STARTED, config));
  }

  private static AuditAct started(AuditAction action, ServerConfig config) {
    return act(
        action, null, AuditSelections.ofSettings(Version.number(), config.reporting().settings()));
  }

  /** Entered once: what became of the key since, such as its revocation, stays. */
  static void adminKey(KeyStore keys, KeySecret secret, AuditTrail audit) {
    boolean known = keys.list().stream().anyMatch(key -> key.prefix().equals(secret.prefix()));
    AccessKey key = keys.add(secret, null, Set.of(KeyScope.ADMIN), null);
    if (!known) {
      audit.enterSoon(act(AuditAction.KEY_CREATED, key.orgId(), AuditSelections.ofKey(key)));
    }
    if (key.revokedAt() != null) {
      LOG.warn("INIT_ADMIN_KEY is not valid: key {} is revoked", key.prefix());
    }
  }

  private static AuditAct act(
      AuditAction action, @Nullable String orgId, AuditSelection selection) {
    return new AuditAct(AuditAct.SERVER, orgId, action, selection, 1, null);
  }
}
