"""Amazon GameLift Servers (``gamelift`` 2015-10-01): fleet deployments, matchmaking and placements of game sessions."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
GAMELIFT = Service("gamelift", rate=2)

FLEET_DEPLOYMENT = Family(
    GAMELIFT, "fleet-deployment", "Amazon GameLift Servers fleet deployment",
    list="ListFleetDeployments", page_size=100, newest_first="the model: starting with the latest",
    # A get needs the fleet too, and says no more about the deployment.
    job=Job(
        id="DeploymentId", status="DeploymentStatus", name="FleetId", created="CreationTime",
        outputs=("GameServerBinaryArn",),
    ),
    # IMPAIRED: it failed, and the fleet kept the containers. A rollback follows a failure.
    states={
        PENDING: "PENDING", RUNNING: "IN_PROGRESS ROLLBACK_IN_PROGRESS", SUCCEEDED: "COMPLETE",
        FAILED: "IMPAIRED ROLLBACK_COMPLETE", CANCELLED: "CANCELLED",
    },
)  # fmt: skip

MATCHMAKING = Family(
    GAMELIFT, "matchmaking-ticket", "Amazon GameLift Servers matchmaking ticket",
    # No operation lists the tickets.
    get="DescribeMatchmaking", batch=10,
    job=Job(
        id="TicketId", status="Status", name="ConfigurationName", created="StartTime", started="StartTime",
        ended="EndTime", reason="StatusMessage",
    ),
    # REQUIRES_ACCEPTANCE: it waits for the players. TIMED_OUT: nobody cancelled it.
    states={
        PENDING: "QUEUED", RUNNING: "SEARCHING PLACING", PAUSED: "REQUIRES_ACCEPTANCE", SUCCEEDED: "COMPLETED",
        FAILED: "FAILED TIMED_OUT", CANCELLED: "CANCELLED",
    },
    withheld=("Players", "GameSessionConnectionInfo"),
)  # fmt: skip

GAME_SESSION_PLACEMENT = Family(
    GAMELIFT, "game-session-placement", "Amazon GameLift Servers game session placement",
    # No operation lists the placements.
    get="DescribeGameSessionPlacement",
    job=Job(
        id="PlacementId", status="Status", name="GameSessionName", created="StartTime", started="StartTime",
        ended="EndTime", outputs=("GameSessionArn",),
    ),
    # TIMED_OUT: nobody cancelled it.
    states={PENDING: "PENDING", SUCCEEDED: "FULFILLED", FAILED: "FAILED TIMED_OUT", CANCELLED: "CANCELLED"},
    withheld=(
        "GameProperties", "PlayerLatencies", "PlacedPlayerSessions",
    ),
)  # fmt: skip
