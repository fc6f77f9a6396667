"""Amazon Forecast (``forecast`` 2018-06-26): imports, trainings of predictors, forecasts, explanations and exports.

AWS lets only customers use it who used it before July 2024.
"""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
FORECAST = Service("forecast", rate=1)

# No model has these words: they stand in the documentation of the member "Status". A deleted record had ended before.
_STATES = {
    PENDING: "CREATE_PENDING", RUNNING: "CREATE_IN_PROGRESS", CANCELLING: "CREATE_STOPPING",
    CANCELLED: "CREATE_STOPPED", SUCCEEDED: "ACTIVE", FAILED: "CREATE_FAILED",
    UNKNOWN: "DELETE_PENDING DELETE_IN_PROGRESS DELETE_FAILED",
}  # fmt: skip
_OUT = "Destination.S3Config"
_SOURCE = "DataSource.S3Config"


def _created(
    kind: str, list_: str, noun: str, title: str, *, inputs: tuple[str, ...] = (), outputs: tuple[str, ...] = (),
    got: Job | None = None, gets: bool = True,
) -> Family:  # fmt: skip
    """One kind of record that Forecast makes. Each kind names its members after itself."""
    return Family(
        FORECAST, kind, f"Amazon Forecast {title}",
        list=list_, get=f"Describe{noun}" if gets else None,
        job=Job(
            id=f"{noun}Arn", name=f"{noun}Name", status="Status", created="CreationTime",
            updated="LastModificationTime", ended="LastModificationTime", reason="Message", inputs=inputs,
            outputs=outputs,
        ),
        got=got or Job(),
        states=_STATES,
    )  # fmt: skip


def _export(kind: str, noun: str, title: str) -> Family:
    return _created(kind, f"List{noun}s", noun, title, outputs=(f"{_OUT}.Path",), got=Job(role=f"{_OUT}.RoleArn"))


IMPORT = _created(
    "dataset-import-job", "ListDatasetImportJobs", "DatasetImportJob", "dataset import job",
    inputs=(f"{_SOURCE}.Path",), got=Job(role=f"{_SOURCE}.RoleArn"),
)  # fmt: skip
PREDICTOR = _created(
    "predictor", "ListPredictors", "Predictor", "predictor training",
    # There are two kinds of predictors, and each has a get that refuses the other kind.
    gets=False,
)  # fmt: skip
FORECAST_CREATION = _created("forecast", "ListForecasts", "Forecast", "forecast")
WHAT_IF = _created("what-if-forecast", "ListWhatIfForecasts", "WhatIfForecast", "what-if forecast")
WHAT_IF_ANALYSIS = _created("what-if-analysis", "ListWhatIfAnalyses", "WhatIfAnalysis", "what-if analysis")
EXPLAINABILITY = _created(
    "explainability", "ListExplainabilities", "Explainability", "explainability analysis",
    got=Job(role=f"{_SOURCE}.RoleArn", inputs=(f"{_SOURCE}.Path",)),
)  # fmt: skip
FORECAST_EXPORT = _export("forecast-export-job", "ForecastExportJob", "forecast export job")
WHAT_IF_EXPORT = _export("what-if-forecast-export", "WhatIfForecastExport", "what-if forecast export")
EXPLAINABILITY_EXPORT = _export("explainability-export", "ExplainabilityExport", "explainability export")
BACKTEST_EXPORT = _export(
    "predictor-backtest-export-job", "PredictorBacktestExportJob", "predictor backtest export job"
)
