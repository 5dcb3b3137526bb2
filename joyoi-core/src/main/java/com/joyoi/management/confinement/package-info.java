/**
 * What every container is confined to, whatever runs in it: privileges, kernel settings, system
 * calls. Entry type: {@link com.joyoi.management.confinement.Confinement}. Knows nothing of
 * engines, and imports no other package of the project.
 */
@NullMarked
package com.joyoi.management.confinement;

import org.jspecify.annotations.NullMarked;
