package com.joyoi.management.model;

import java.time.Instant;
import java.util.UUID;

/** A program that can be run in a container, under its name. */
public record ActorDefinition(
    UUID id,
    String name,
    ActorLanguage language,
    String body,
    Instant createTime,
    Instant updateTime) {}
