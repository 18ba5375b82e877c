/** A Spring Boot service that answers with a model and records each call. */
package com.example.screening;
