/**
 * Keeps identifiers of children and families out of storage.
 *
 * <p>Start at {@link ai.pediscreen.telemetry.privacy.PhiGuard}: it takes an event and gives back
 * one without what looks like an identifier, or refuses it. {@link
 * ai.pediscreen.telemetry.privacy.PhiRule} says precisely what is found; {@link
 * ai.pediscreen.telemetry.privacy.Pseudonyms} stand in for the ids of users and cases.
 *
 * <p>It is a safety net and no more: it finds what has the form of an identifier, or stands under a
 * key that names one. It does not find a name in a sentence.
 */
@NullMarked
package ai.pediscreen.telemetry.privacy;

import org.jspecify.annotations.NullMarked;
