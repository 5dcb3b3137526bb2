package com.joyoi.management.blame;

import java.util.UUID;

/**
 * An instance that may have been what the service died of.
 *
 * @param deaths how often the service has died while its code ran, since it was last forgotten
 * @param proven whether the last death is proof: it was under suspicion before, and of all that
 *     were, only its code ran
 */
public record Suspicion(UUID instance, int deaths, boolean proven) {}
