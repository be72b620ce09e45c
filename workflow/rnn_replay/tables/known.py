"""What is known of the paths and states that measures are calibrated on. Apart, so that figures need no PyTorch."""

SPEEDS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)  # of paths, over awake speed
HAZARDS = (0.002, 0.01, 0.05)  # per step
EXPECTED = {
    "gain halved": 1.0,
    "shrunk to the mean": 1.0,
    "noise doubled": 1.0,
    "time doubled": 2.0,
    "stopped": 0.0,
    "collapsed": 0.0,
}
NOWHERE = (*(f"jitter {sd:g} m" for sd in (0.02, 0.1, 0.2)), "random order", "frozen", "OU", "Brownian", "jumper")
LASTING = "AR(2)"  # momentum's: velocity is an AR(1) process, of awake speed
# What is known of paths: reading over truth, but for speeds the multiple itself, and 0 for those that get nowhere.
KNOWN = {f"{speed:g} × speed": speed for speed in SPEEDS} | dict.fromkeys(NOWHERE, 0.0)
KNOWN |= {f"hazard {hazard:g} per step": 1.0 for hazard in HAZARDS}
