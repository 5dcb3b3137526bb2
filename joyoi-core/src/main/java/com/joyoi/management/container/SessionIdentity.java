package com.joyoi.management.container;

/**
 * Who owns a container; the labels of all containers come from it.
 *
 * @param installation random id made with the database's schema
 * @param service the service's configured name
 * @param session random id of this start of the service
 */
public record SessionIdentity(String installation, String service, String session) {}
