/**
 * fast-check, drawing the same values in every run, so that a change is judged by what it changes. `PROPERTY_SEED=random`
 * draws new ones, a number those of that seed.
 */
import fc from 'fast-check'

const { PROPERTY_SEED = '1' } = process.env

if (PROPERTY_SEED !== 'random') fc.configureGlobal({ seed: Number(PROPERTY_SEED) })

export default fc
