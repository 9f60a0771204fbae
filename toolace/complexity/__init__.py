"""Loss-based complexity (paper, section 2.2.2): how hard a dialog is for the model that is to be tuned.

Which measure to trust: Spearman with what should make a call hard, 100 items each of BFCL's simple, multiple, parallel and
parallel-multiple (in this order as `category`), embedded learner, bfloat16; `python scripts/bench/learner_measures.py WHEEL`:

| measure | category | candidates | calls | dissimilarity | answer tokens | mean by category |
|---|---|---|---|---|---|---|
| nll | -0.48 | +0.17 | -0.68 | +0.31 | -0.70 | 0.69, 0.78, 0.46, 0.52 |
| nll_ratio | -0.13 | +0.10 | -0.22 | +0.18 | -0.29 | 0.85, 0.90, 0.77, 0.81 |
| total | +0.71 | +0.14 | +0.72 | +0.11 | +0.79 | 31.3, 36.0, 50.8, 60.4 |

The mean loss takes long answers for easy ones: it falls with the number of calls. The total is little but length. The ratio
depends on length least and is the default; none of the three ranks parallel calls above simple ones for a reason other than
length. Candidates and dissimilarity raise all three, weakly, as the paper says.

Whether the predictor pays: on the 72 exchanges of the shipped calibration, each predicted from the others, it answers 6 and errs
on 1 of them with nll_ratio (Spearman +0.55), 18 and 1 with nll (+0.77), 49 and 2 with total (+0.94). With the default measure it
saves a twelfth, so `complexity.predictor` is off. On dialogs of your own: `python scripts/bench/learner_predictor.py WORKSPACE`.
"""
