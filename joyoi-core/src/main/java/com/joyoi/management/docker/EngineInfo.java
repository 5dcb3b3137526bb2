package com.joyoi.management.docker;

/**
 * What a daemon says of itself.
 *
 * @param engineVersion for example {@code 20.10.24}
 * @param apiVersion the version that was agreed on, for example {@code 1.41}
 */
public record EngineInfo(String engineVersion, String apiVersion) {}
