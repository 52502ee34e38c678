package io.millrace.stream;

/** An operator that may still put out events of times that the watermark has passed, and says of which. */
interface TimeHolder {
    /**
     * {@return the watermark behind this operator: it puts out nothing at or before it any more}
     *
     * @param watermarkNs that it was last advanced to
     */
    long outputWatermarkNs(long watermarkNs);
}
