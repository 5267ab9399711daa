/**
 * Models that other libraries trained: readers that give estimators which predict in clear, simulated and encrypted.
 */
export {};
