import fc from 'fast-check';

/** Loaded before each test file: properties try the same values in every run, others with PREDICTD_SEED=NUMBER. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.PREDICTD_SEED ?? 1) });
