package com.joyoi.management.engine;

import com.joyoi.management.callback.CallbackPolicy;
import java.time.Duration;

/**
 * How the engine calls the web services that instances name.
 *
 * @param policy what may be called
 * @param retryFor for so long {@code httpInvokeAsync} repeats a call
 * @param onStored told when an end has been stored that is to be delivered; never blocks
 */
public record EngineCallbacks(CallbackPolicy policy, Duration retryFor, Runnable onStored) {}
