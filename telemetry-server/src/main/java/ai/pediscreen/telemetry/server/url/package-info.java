/** What settings say of URLs: a database's, the origins of pages, and what all have in common. */
@NullMarked
package ai.pediscreen.telemetry.server.url;

import org.jspecify.annotations.NullMarked;
