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

What steering does: 300 dialogs from the same plans, `python scripts/bench/learner_steering.py WORKSPACE --keep OFF.jsonl`.
Loop off: 76.7 % in range (26 easier, 44 harder); on: 94.0 % (4 and 14) after 0.28 rounds, with the same mix of kinds, for
3.7 s a dialog on 2 busy cores (3.4 s of CPU). That was before requests could be questions, and so was the calibration.

Whether the predictor pays: on those 300 unsteered exchanges, `python scripts/bench/learner_predictor.py WORKSPACE --dialogs
OFF.jsonl`, the one that calibration trained is sure of 11 % and wrong in 24 % of these; one trained on four fifths of them is
sure of none (Spearman +0.40 and +0.46). On calibration's own 72 it answers 6, 18 with nll, 49 with total. So
`complexity.predictor` is off.
"""
