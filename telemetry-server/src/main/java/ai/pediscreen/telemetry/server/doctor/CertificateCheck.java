package ai.pediscreen.telemetry.server.doctor;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The certificate that TLS is spoken with. */
public final class CertificateCheck {

  /** Who renews does so weeks before. */
  private static final Duration SOON = Duration.ofDays(14);

  private final Instant expires;
  private final Instant now;

  /**
   * Checks nothing yet.
   *
   * @param expires until when the certificate is valid
   */
  public CertificateCheck(Instant expires, Instant now) {
    this.expires = expires;
    this.now = now;
  }

  /** One finding: a failure once it has expired, to be looked at two weeks before. */
  public List<Finding> check() {
    String until = expires.truncatedTo(ChronoUnit.SECONDS).toString();
    String advice = "put a new one into the files TLS_CERT and TLS_KEY; no start is needed";
    if (!expires.isAfter(now)) {
      return List.of(Finding.fail("Certificate", "expired at " + until, advice));
    }
    return List.of(
        expires.isBefore(now.plus(SOON))
            ? Finding.warn("Certificate", "valid until " + until, advice)
            : Finding.ok("Certificate", "valid until " + until));
  }
}
